import { Problem } from "../shared/problem";
import type { Frame } from "../shared/sse";
import { EventStream } from "../shared/stream";
import { isRecord } from "../shared/wire";
import type { DeskApi } from "./api";
import type { DeskView } from "./model";
import { readDesk } from "./read";

export interface LineOptions {
  api: DeskApi;
  onView(view: DeskView): void;
  onConversation(id: string, data: Record<string, unknown>): void;
  onOnline(online: boolean): void;
  /** The session is over: signed out elsewhere, expired, or refused. */
  onEnded(): void;
}

/** The desk's stream: what arrives, and whether it arrives at all. */
export class DeskLine {
  online = false;
  lostSince = Date.now();
  private readonly stream: EventStream;

  constructor(private readonly options: LineOptions) {
    this.stream = new EventStream({
      open: (signal) => options.api.events(signal),
      onFrame: (frame) => this.frame(frame),
      onState: (state) => this.turn(state === "open"),
      onFailure: (error) => {
        if (!(error instanceof Problem) || error.status !== 401) return "retry";
        options.onEnded();
        return "stop";
      },
    });
    this.stream.start();
  }

  stop(): void {
    this.stream.stop();
  }

  hurry(): void {
    this.stream.hurry();
  }

  private turn(online: boolean): void {
    if (online === this.online) return;
    this.online = online;
    if (!online) this.lostSince = Date.now();
    this.options.onOnline(online);
  }

  private frame(frame: Frame): void {
    if (frame.event === "closed") {
      this.options.onEnded();
      return;
    }
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      return; // The next view or snapshot brings what this frame meant to say.
    }
    if (frame.event === "desk") {
      const view = readDesk(data);
      if (view) this.options.onView(view);
    } else if (frame.event === "conversation" && isRecord(data) && typeof data.conversation_id === "string") {
      this.options.onConversation(data.conversation_id, data);
    }
  }
}
