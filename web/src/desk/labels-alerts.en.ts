import type { AlertLabels } from "./labels-alerts.zh";

export const en: AlertLabels = {
  clock_close: "{who}: {what} is close to its limit",
  clock_over: "{who}: {what} is overdue",
  clock_and: "; ",
  quiet: "No answer for {t}",
  watching: "Watching: {name} is serving",
  watching_still: "{name} is serving; what you see does not update by itself",
  look_again: "Look again",
  take_over: "Take over",
  take_over_title: "Take the conversation over",
  take_over_why: "Why (the agent sees it; it goes on record)",
  taken_over: "{name} has taken the conversation over: {why}",
  sound_test: "Test sound",
  sound_asleep: "off",
  sound_sounded:
    "The sound was played. If you heard nothing, check the volume and whether this tab is muted.",
  sound_muted: "Sound is off: turn it on first.",
  sound_blocked:
    "The browser does not allow sound. Click the icon left of the address, set Sound to Allow, then test again.",
  queue_behind: "{n} more behind them, shown as those before are taken",
  queue_more: "More ({n} left)",
};
