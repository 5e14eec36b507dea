import { css } from "lit";

/** What is said: three voices that nobody can mistake for one another. */
export const messageStyles = css`
  .log {
    display: flex;
    flex-direction: column;
    gap: 14px;
    border-radius: 8px;
  }
  .past {
    display: flex;
    flex-direction: column;
    gap: 14px;
    opacity: 0.72;
  }
  .text {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 4px;
    max-width: 90%;
  }
  .message header,
  .message footer {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 6px;
    color: var(--soft-ink);
    font-size: 0.8em;
    line-height: 1.5;
  }
  .face {
    display: grid;
    place-items: center;
    width: 1.9em;
    height: 1.9em;
    border-radius: 50%;
    background: var(--tint);
    color: var(--accent);
  }
  .badge {
    padding: 0 0.55em;
    border: 1px solid currentColor;
    border-radius: 5px;
    color: var(--accent);
    font-weight: 600;
  }
  .agent .face {
    background: var(--person);
    color: #fff;
  }
  .agent .badge {
    border-color: var(--person);
    background: var(--person);
    color: #fff;
  }
  .name {
    color: var(--ink);
    font-weight: 600;
  }
  .bubble {
    padding: 10px 14px;
    border: 1px solid var(--line);
    border-radius: 4px 16px 16px;
    background: var(--paper);
  }
  .agent .bubble {
    border-color: #bfe0d6;
    background: var(--person-soft);
  }
  .mine {
    align-self: flex-end;
    align-items: flex-end;
    max-width: 82%;
  }
  .mine .bubble {
    border-color: var(--accent);
    border-radius: 16px 16px 4px;
    background: var(--accent);
    color: var(--on-accent);
  }
  .pending .bubble {
    opacity: 0.75;
  }
  .failed .bubble {
    border-color: var(--red);
    background: var(--paper);
    color: var(--ink);
  }
  .mine footer {
    justify-content: flex-end;
  }
  .why {
    color: var(--red);
  }
  .warned {
    display: flex;
    align-items: center;
    gap: 5px;
    margin-top: 8px;
    padding-top: 7px;
    border-top: 1px dashed #dcc795;
    color: var(--amber-ink);
    font-size: 0.83em;
    font-weight: 600;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: -6px;
  }
  .choice {
    min-height: 38px;
    padding: 5px 15px;
    border: 1px solid var(--accent);
    border-radius: 19px;
    background: var(--paper);
    color: var(--accent);
    text-align: left;
  }
  .choice:hover:enabled {
    background: var(--tint);
  }
  .choice:disabled {
    border-color: var(--line);
    background: none;
    color: var(--soft-ink);
  }
  .choice.taken:disabled {
    border-color: var(--accent);
    background: var(--tint);
    color: #12395e;
    font-weight: 600;
  }

  .recalled .text {
    color: var(--soft-ink);
  }
  .notice,
  .card {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 10px;
    align-self: stretch;
    padding: 10px 16px;
    border-radius: 12px;
    background: #e9eef3;
    color: #38475a;
    font-size: 0.9em;
    text-align: center;
  }
  .of-case {
    align-items: stretch;
    text-align: left;
  }
  .log + .notice,
  .notice + .log {
    margin-top: 14px;
  }
  .notice .choices,
  .card .choices {
    justify-content: center;
    margin-top: 0;
  }
  .of-case .choices {
    justify-content: flex-start;
  }
  .of-case .case {
    margin-top: 0;
    background: var(--paper);
  }
  .card {
    padding: 16px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--paper);
    color: var(--ink);
    font-size: 1em;
  }
  .card h3 {
    font-size: 1em;
    font-weight: 600;
  }
  .rates {
    align-self: stretch;
  }
  .rates .choice {
    flex: 1;
    border-radius: 10px;
    text-align: center;
  }
  .rates .skip {
    flex: 0 1 auto;
    border-style: dashed;
  }
  .case {
    align-self: stretch;
    margin-top: 10px;
    padding: 10px 12px;
    border-left: 3px solid var(--accent);
    border-radius: 4px;
    background: var(--tint);
    color: var(--ink);
    font-size: 0.92em;
    text-align: left;
  }
  .case h3 {
    margin-bottom: 4px;
    color: #12395e;
    font-size: 1em;
    font-weight: 600;
  }
  .case dl > div {
    display: flex;
    gap: 10px;
  }
  .case dt {
    flex: none;
    min-width: 4.6em;
    color: var(--soft-ink);
  }
  .case dd {
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  .divider {
    display: flex;
    align-items: center;
    gap: 12px;
    color: var(--soft-ink);
    font-size: 0.82em;
    text-align: center;
  }
  .divider::before,
  .divider::after {
    content: "";
    flex: 1;
    border-top: 1px solid var(--line);
  }
  .past + .divider {
    margin: 0;
  }
  .starting {
    padding: 32px 0;
    color: var(--soft-ink);
    text-align: center;
  }

  .typing .bubble {
    display: flex;
    gap: 5px;
    padding: 15px 16px;
  }
  .typing i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: var(--soft-ink);
    animation: breathe 1.2s infinite;
  }
  .typing i:nth-of-type(2) {
    animation-delay: 0.2s;
  }
  .typing i:nth-of-type(3) {
    animation-delay: 0.4s;
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.3;
    }
    30% {
      opacity: 1;
    }
  }

  .large .bubble {
    border-width: 2px;
    border-color: #5c6873;
  }
  .large .agent .bubble {
    border-color: var(--person);
  }
  .large .mine .bubble {
    border-color: var(--accent);
  }
  .large .choice {
    min-height: 52px;
    border-width: 2px;
    border-radius: 14px;
    font-weight: 600;
  }
  .large .choices {
    flex-direction: column;
    align-items: stretch;
    align-self: stretch;
  }
  .large .rates {
    flex-direction: row;
  }
  .large .notice,
  .large .warned {
    color: #000;
  }
  .large .message {
    max-width: 96%;
  }
`;
