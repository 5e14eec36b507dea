/** A parser for text/event-stream read with fetch: EventSource cannot send an Authorization header. */

export interface Frame {
  event: string;
  data: string;
  id: string | null;
}

export class SseParser {
  private buffer = "";
  private event = "";
  private data: string[] = [];
  private id: string | null = null;
  private first = true;

  /** Frames completed by this chunk. Lines may end in LF, CRLF or CR, and may be split anywhere. */
  push(chunk: string): Frame[] {
    let text = chunk;
    if (this.first && text.length > 0) {
      this.first = false;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    this.buffer += text;
    const frames: Frame[] = [];
    for (;;) {
      const end = this.buffer.search(/[\r\n]/);
      if (end < 0) break;
      // A CR at the very end may be half of a CRLF: wait for the next chunk.
      if (this.buffer[end] === "\r" && end === this.buffer.length - 1) break;
      const width = this.buffer.startsWith("\r\n", end) ? 2 : 1;
      const line = this.buffer.slice(0, end);
      this.buffer = this.buffer.slice(end + width);
      const frame = this.line(line);
      if (frame) frames.push(frame);
    }
    return frames;
  }

  private line(line: string): Frame | null {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "event") this.event = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return null;
  }

  private dispatch(): Frame | null {
    const frame =
      this.data.length > 0
        ? { event: this.event || "message", data: this.data.join("\n"), id: this.id }
        : null;
    this.event = "";
    this.data = [];
    return frame;
  }
}
