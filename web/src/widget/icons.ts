import { html, type TemplateResult } from "lit";

// Drawn here, in strokes of the current colour: no icon font, no request.
const strokes = (path: string): TemplateResult => html`
  <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    <path d=${path} />
  </svg>
`;

export const chatIcon = () =>
  strokes("M4 12a8 7 0 1 1 3.6 5.8L4 19l1-3.4A6.6 6.6 0 0 1 4 12ZM9 12h.01M12.5 12h.01M16 12h.01");
export const closeIcon = () => strokes("M6 9.5l6 6 6-6");
export const sendIcon = () => strokes("M5 12l14-7-5 14-3-6-6-1Z");
export const botIcon = () =>
  strokes(
    "M12 4v3M6 7h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2ZM9 12v1M15 12v1M9 18v2M15 18v2",
  );
export const personIcon = () => strokes("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20a7.5 6 0 0 1 15 0");
export const warningIcon = () => strokes("M12 4l9 16H3L12 4ZM12 10v4M12 17v.01");
export const shieldIcon = () => strokes("M12 3l7 3v5c0 5-3 8.5-7 10-4-1.5-7-5-7-10V6l7-3ZM9 12l2 2 4-4");
export const downIcon = () => strokes("M12 5v14M6 13l6 6 6-6");
export const largeIcon = () => strokes("M3 18 8 6l5 12M5 14h6M15 18l3-7 3 7M16 16h4");
