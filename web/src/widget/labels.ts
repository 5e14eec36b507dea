import { en } from "./labels.en";
import { type Labels, zh } from "./labels.zh";

/** The labels of a language, with those that the bank words itself (from the server) put over them. */
export function labelsFor(lang: string, own: Readonly<Record<string, string>> = {}): Labels {
  const base = lang.toLowerCase().startsWith("en") ? en : zh;
  const known = Object.entries(own).filter(([name]) => name in base);
  return { ...base, ...Object.fromEntries(known) };
}
