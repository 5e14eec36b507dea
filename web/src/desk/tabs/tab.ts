import type { Desk } from "../desk";
import type { Labels } from "../labels.zh";

export interface TabView {
  desk: Desk;
  labels: Labels;
  /** Puts words into the reply, where the caret is. */
  insert(text: string): void;
}

/** One of the pages beside a conversation. Its state, if it has any, is the desk's. */
export interface Tab {
  id: string;
  label: keyof Labels;
  /** How much in it waits to be read. */
  count?(view: TabView): number;
  /** It comes to the front. */
  chosen?(view: TabView): void;
  draw(view: TabView): unknown;
}
