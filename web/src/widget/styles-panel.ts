import { css } from "lit";

/** Frame of the widget. A bank sets --qiantai-accent and --qiantai-on-accent on the element; the rest follows. */
export const panelStyles = css`
  :host {
    all: initial;
    --accent: var(--qiantai-accent, #134a7c);
    --on-accent: var(--qiantai-on-accent, #fff);
    --person: #0b6b57;
    --person-soft: #e7f4f0;
    --ink: #1b2733;
    --soft-ink: #566474;
    --line: #dde4ea;
    --paper: #fff;
    --ground: #f4f7fa;
    --tint: #eaf1f8;
    --amber: #fff6e3;
    --amber-ink: #7a4b00;
    --red: #b3261e;
    --size: 15px;
    position: fixed;
    right: 24px;
    bottom: 24px;
    z-index: 2147483000;
    font-family:
      "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui,
      sans-serif;
    font-size: var(--size);
    line-height: 1.6;
    color: var(--ink);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  dl,
  dd {
    margin: 0;
  }
  button,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
    border: 0;
    background: none;
    border-radius: 10px;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
    box-shadow: 0 0 0 2px #fff;
  }
  .icon {
    width: 1.25em;
    height: 1.25em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .grow {
    flex: 1;
  }

  .launcher {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 13px 20px 13px 17px;
    border-radius: 999px;
    background: var(--accent);
    color: var(--on-accent);
    font-size: 16px;
    font-weight: 600;
    letter-spacing: 0.02em;
    box-shadow: 0 8px 24px rgb(15 40 70 / 26%);
    transition: transform 0.15s, box-shadow 0.15s;
  }
  .launcher:hover {
    transform: translateY(-1px);
    box-shadow: 0 12px 28px rgb(15 40 70 / 32%);
  }
  .launcher b {
    min-width: 22px;
    padding: 0 6px;
    border-radius: 11px;
    background: #c5221f;
    color: #fff;
    font-size: 13px;
    line-height: 22px;
    text-align: center;
  }

  .panel {
    position: relative;
    display: flex;
    flex-direction: column;
    width: 404px;
    height: min(680px, calc(100vh - 48px));
    height: min(680px, calc(100dvh - 48px));
    overflow: hidden;
    border-radius: 18px;
    background: var(--ground);
    box-shadow: 0 0 0 1px rgb(15 40 70 / 7%), 0 24px 64px rgb(15 40 70 / 24%);
    animation: rise 0.18s ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }

  .head {
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 14px 10px 14px 18px;
    background: var(--accent);
    color: var(--on-accent);
  }
  .who {
    flex: 1;
    min-width: 0;
  }
  .who h2 {
    overflow: hidden;
    font-size: 1.14em;
    font-weight: 600;
    line-height: 1.35;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bank::after {
    content: "·";
    margin: 0 0.1em;
    opacity: 0.7;
  }
  .hours {
    font-size: 0.82em;
    line-height: 1.4;
    opacity: 0.92;
  }
  .tool {
    display: flex;
    align-items: center;
    gap: 5px;
    min-height: 40px;
    padding: 0 10px;
    font-size: 0.9em;
    white-space: nowrap;
  }
  .tool:hover {
    background: rgb(255 255 255 / 14%);
  }
  .tool:focus-visible {
    outline-color: var(--on-accent);
    outline-offset: -3px;
    box-shadow: none;
  }
  .tool.close .icon {
    width: 1.6em;
    height: 1.6em;
  }

  .banner {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    padding: 8px 18px;
    border-bottom: 1px solid var(--line);
    background: var(--tint);
    color: #12395e;
    font-size: 0.87em;
    line-height: 1.5;
  }
  .banner .icon {
    margin-top: 0.12em;
  }
  .banner.person {
    background: var(--person-soft);
    color: #07503f;
    font-weight: 600;
  }
  .lost {
    padding: 7px 18px;
    background: var(--red);
    color: #fff;
    font-size: 0.87em;
  }
  .queue {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 14px 10px 18px;
    border-bottom: 1px solid #f0dfb8;
    background: var(--amber);
    color: var(--amber-ink);
    font-size: 0.9em;
    line-height: 1.5;
  }
  .queue > div {
    flex: 1;
  }
  .queue-title {
    font-weight: 600;
  }
  .dot::before {
    content: "·";
    margin: 0 0.4em;
  }
  .hint {
    font-size: 0.9em;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    padding: 16px 16px 8px;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .below {
    position: absolute;
    right: 0;
    bottom: 150px;
    left: 0;
    display: flex;
    align-items: center;
    gap: 4px;
    width: max-content;
    margin: 0 auto;
    padding: 6px 14px 6px 10px;
    border-radius: 999px;
    background: var(--paper);
    color: var(--accent);
    font-size: 0.87em;
    font-weight: 600;
    box-shadow: 0 2px 12px rgb(15 40 70 / 22%);
  }

  .foot {
    padding: 8px 12px 10px;
    border-top: 1px solid var(--line);
    background: var(--paper);
  }
  .quick {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-bottom: 8px;
  }
  .human {
    display: flex;
    align-items: center;
    gap: 5px;
    min-height: 34px;
    padding: 0 13px 0 10px;
    border: 1px solid var(--accent);
    border-radius: 999px;
    color: var(--accent);
    font-size: 0.93em;
    font-weight: 600;
  }
  .human:hover:enabled {
    background: var(--tint);
  }
  .human:disabled {
    border-color: var(--line);
    color: var(--soft-ink);
  }
  .plain {
    min-height: 32px;
    padding: 0 8px;
    color: var(--soft-ink);
    font-size: 0.87em;
    text-decoration: underline;
    text-decoration-color: #b9c4ce;
    text-underline-offset: 3px;
  }
  .plain:hover {
    color: var(--accent);
  }
  .write {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 4px 4px 4px 14px;
    border: 1px solid #b9c6d2;
    border-radius: 22px;
    background: var(--paper);
  }
  .write:focus-within {
    border-color: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  .write.over {
    border-color: var(--red);
    box-shadow: 0 0 0 1px var(--red);
  }
  .write textarea {
    flex: 1;
    min-width: 0;
    max-height: 140px;
    padding: 6px 0;
    border: 0;
    outline: none;
    box-shadow: none;
    background: none;
    font-size: max(16px, 1em);
    line-height: 1.5;
    resize: none;
  }
  .write textarea::placeholder {
    color: #667483;
    opacity: 1;
  }
  .send {
    display: grid;
    flex: none;
    place-items: center;
    width: 38px;
    height: 38px;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .send:disabled {
    background: #dfe6ec;
    color: #6b7986;
  }
  .limit {
    padding: 2px 14px 0;
    color: var(--soft-ink);
    font-size: 0.82em;
    text-align: right;
  }
  .limit:empty {
    display: none;
  }
  .limit.over {
    color: var(--red);
    text-align: left;
  }
  .sample {
    padding-top: 8px;
    color: var(--soft-ink);
    font-size: 0.78em;
    line-height: 1.4;
    text-align: center;
  }

  .solid,
  .outline {
    min-height: 38px;
    padding: 0 16px;
    border: 1px solid var(--accent);
    border-radius: 10px;
    font-size: 0.95em;
    font-weight: 600;
    white-space: nowrap;
  }
  .solid {
    background: var(--accent);
    color: var(--on-accent);
  }
  .outline {
    background: var(--paper);
    color: var(--accent);
  }
  .queue .outline {
    border-color: #b98a2c;
    color: var(--amber-ink);
  }
  .privacy {
    margin-bottom: 16px;
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--paper);
  }
  .privacy h3 {
    display: flex;
    align-items: center;
    gap: 6px;
    font-size: 1em;
    font-weight: 600;
  }
  .privacy h3 .icon {
    color: var(--accent);
  }
  .privacy-text {
    max-height: 9.5em;
    margin: 8px 0 12px;
    padding-right: 4px;
    overflow-y: auto;
    color: #3d4b59;
    font-size: 0.9em;
    white-space: pre-line;
  }

  .large {
    --size: 22px;
    --ink: #000;
    --soft-ink: #262f38;
    --line: #7c8894;
    --ground: #fff;
    --accent: var(--qiantai-accent-strong, #0a2f55);
    --person: #064a3b;
    --tint: #e3edf7;
    width: 540px;
    height: min(820px, calc(100vh - 48px));
    height: min(820px, calc(100dvh - 48px));
    color: var(--ink);
    font-size: var(--size);
    line-height: 1.55;
  }
  .large .banner,
  .large .queue,
  .large .lost {
    color: #000;
    font-size: 0.87em;
  }
  .large .lost {
    color: #fff;
  }
  .large .hours,
  .large .sample {
    font-size: 0.78em;
  }
  .large .privacy-text {
    color: #000;
  }
  .large .solid,
  .large .outline,
  .large .human,
  .large .tool {
    min-height: 48px;
  }
  .large .send {
    width: 50px;
    height: 50px;
  }
  .large .write {
    border: 2px solid #000;
    border-radius: 28px;
  }

  @media (max-width: 480px) {
    :host {
      right: 16px;
      bottom: max(16px, env(safe-area-inset-bottom));
    }
    .panel,
    .panel.large {
      position: fixed;
      top: var(--view-top, 0);
      left: 0;
      width: 100vw;
      height: var(--view-height, 100dvh);
      border-radius: 0;
    }
    .head {
      padding-top: max(12px, env(safe-area-inset-top));
    }
    .foot {
      padding-bottom: max(10px, env(safe-area-inset-bottom));
    }
    .tool {
      min-height: 44px;
    }
    .large .head .hours,
    .large .bank {
      display: none;
    }
  }
  @media (max-height: 520px) {
    .sample,
    .hint {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .panel,
    .launcher,
    .send,
    .human,
    .choice {
      border: 1px solid;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
