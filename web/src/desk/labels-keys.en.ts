import type { KeyLabels } from "./labels-keys.zh";

export const en: KeyLabels = {
  help: "Shortcuts",
  help_hint: "They stay out of the way while you compose Chinese.",
  help_close: "Close",
  key_accept: "Accept the customer offered to me; without an offer, the waiting one that is open",
  key_decline: "Decline the customer offered to me",
  key_unread: "Open the next conversation with unread messages",
  key_mine: "Open my 1st to 9th conversation",
  key_reply: "Go to the reply",
  key_send: "Send the reply",
  key_completed: "Send the completed version",
  key_search: "Search the scripts",
  key_ticket: "Register a complaint",
  key_transfer: "Transfer",
  key_wrap_up: "End the conversation and wrap up",
  key_entry: "Open the 1st to 9th entry of the main navigation",
  key_help: "Show this sheet",
};
