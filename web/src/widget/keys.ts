/** Enter sends; not with Shift, and not while an input method composes. */
export function isSendKey(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">,
): boolean {
  // 229: the key that ends a composition in Safari, where isComposing is false already.
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** Full screen on a phone the panel is a modal dialog: the focus goes round inside it. */
export function keepFocusInside(
  event: KeyboardEvent,
  root: DocumentFragment | HTMLElement,
  now: Element | null,
): void {
  const inside = root.querySelectorAll<HTMLElement>("button:not(:disabled), textarea, [tabindex='0']");
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const target = event.shiftKey && now === first ? last : !event.shiftKey && now === last ? first : null;
  if (!target) return;
  event.preventDefault();
  target.focus();
}
