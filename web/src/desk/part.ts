import type { Place } from "./place";

/** A part of the console with a state of its own, kept up to date while somebody is signed in. */
export interface Part {
  /** Signed in. */
  start(): void;
  /** Signed out: nothing of the customers' stays in the page. */
  stop(): void;
  /** Another place of the console is shown. */
  go(place: Place): void;
  /** The page is seen again, or the network is back. */
  hurry(): void;
}
