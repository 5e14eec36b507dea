import { html, nothing } from "lit";
import { elapsed } from "../shared/times";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import { ticking } from "./ticking";

const BLINK_MS = 2_000;
const CONNECTING_MS = 4_000;

/** That the line to the server is gone; a blink of it says nothing. Said once: only the eye follows the seconds. */
export function lostView(desk: Desk, labels: Labels): unknown {
  if (desk.online) return nothing;
  return ticking(() => {
    const ms = Date.now() - desk.lostSince;
    if (desk.lists.view ? ms < BLINK_MS : ms < CONNECTING_MS) {
      return desk.lists.view ? nothing : html`<p class="lost soft" role="status">${labels.connecting}</p>`;
    }
    return html`<p class="lost" role="alert">${labels.lost}<span aria-hidden="true">${elapsed(ms)}</span></p>`;
  });
}
