/** Three parts, as the server signs them (bot/channels/links.py): a host page's own #customer=... is left alone. */
const LINK = /([#&?])customer=(\.?[\w-]+~[\w-]+~[\w-]+)(&|(?=#)|$)/;

/** The bank's word who the customer is, out of a page's fragment, and what is left of the fragment. */
export function splitFragment(hash: string): { link: string; rest: string } {
  const found = LINK.exec(hash);
  if (!found) return { link: "", rest: hash };
  const [, before = "", link = "", after = ""] = found;
  return { link, rest: hash.replace(LINK, after ? before : "") };
}

/** Takes it out of the address bar: it must not stay in the history, in a bookmark or in a forwarded address. */
export function takeLink(): string {
  const { link, rest } = splitFragment(window.location.hash);
  if (link) {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", pathname + search + rest);
  }
  return link;
}
