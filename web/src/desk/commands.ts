import type { Desk } from "./desk";
import type { Commands } from "./keys";
import type { Item } from "./model";
import type { Today } from "./today";

/** What the shortcuts do, on today's desk and from wherever else in the console. */
export function commandsOf(desk: Desk, today: Today, help: () => void): Commands {
  const open = (item: Item | undefined): boolean => {
    if (!item) return false;
    desk.select(item.conversation_id);
    today.focusReply();
    return true;
  };
  /** The conversation that is on the screen. */
  const shown = (): string | null => (today.shown ? desk.current : null);
  /** The same, when it is mine. */
  const mine = (): string | null => {
    const id = shown();
    return id && desk.lists.isMine(id) ? id : null;
  };
  const ask = (kind: "transfer" | "close", can: (id: string) => boolean): boolean => {
    const id = shown();
    if (!id || !can(id)) return false;
    today.ask(kind);
    return true;
  };
  return {
    accept: () => {
      const { view } = desk.lists;
      if (!view || desk.busy || view.mine.length >= view.limit) return false;
      const item =
        view.offers[0] ?? view.queue.find((one) => today.shown && one.conversation_id === desk.current);
      if (item) void desk.deeds.claim(item).then(() => today.focusReply());
      return item !== undefined;
    },
    decline: () => {
      const offer = desk.lists.view?.offers[0];
      if (offer) today.decline(offer.conversation_id);
      return offer !== undefined;
    },
    nextUnread: () => {
      const all = desk.lists.view?.mine ?? [];
      const at = all.findIndex((one) => one.conversation_id === desk.current) + 1;
      return open([...all.slice(at), ...all.slice(0, at)].find((one) => desk.lists.unread(one) > 0));
    },
    reply: () => {
      if (!mine()) return false;
      today.focusReply();
      return true;
    },
    send: () => {
      today.send();
      return true;
    },
    sendCompleted: () => {
      const [id, completed] = [mine(), desk.talk?.verdict?.completed];
      if (!id || !completed || !desk.online || desk.talk?.sending) return false;
      void desk.deeds.send(id, completed).then(() => today.focusReply());
      return true;
    },
    search: () => {
      if (!today.shown || !desk.current) return false;
      today.search();
      return true;
    },
    ticket: () => {
      const id = mine();
      if (id) desk.where.open({ view: "new", conversation: id });
      return id !== null;
    },
    transfer: () => ask("transfer", (id) => desk.lists.isMine(id) && desk.lists.item(id)?.state === "HUMAN"),
    wrapUp: () => ask("close", (id) => desk.lists.canWrapUp(id)),
    openMine: (n) => open(desk.lists.view?.mine[n]),
    openEntry: (n) => {
      const entry = desk.where.entries[n];
      if (entry) desk.where.open(desk.where.at(entry.view));
      return entry !== undefined;
    },
    help: () => {
      help();
      return true;
    },
  };
}
