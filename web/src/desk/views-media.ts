import { html, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { hourMinute } from "../shared/times";
import type { MediaRef, WireEvent } from "../shared/wire";
import { mediaAddress } from "./api";
import type { Labels } from "./labels.zh";

/** A picture speaks for itself; the rest keeps its words, and can be saved. A place is words alone. */
export function mediaView(labels: Labels, id: string, event: WireEvent, media: MediaRef): TemplateResult {
  const address = mediaAddress(id, event.seq);
  if (media.kind === "image") {
    return html`<desk-picture
      .src=${address}
      .alt=${fill(labels.picture, { t: hourMinute(event.at) })}
      .labels=${labels}
    ></desk-picture>`;
  }
  const saved: Record<string, string> = {
    voice: labels.save_voice,
    video: labels.save_video,
    file: labels.save_file,
  };
  const save = saved[media.kind];
  const words = html`<p class="text">${event.text || (media.kind === "location" ? labels.location : "")}</p>`;
  if (!save) return words;
  return html`${words}<p class="save"><a href=${address} download>${save}</a></p>`;
}
