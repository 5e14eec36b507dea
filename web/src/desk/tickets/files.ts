import { fill } from "../../shared/fill";
import type { Labels } from "../labels.zh";
import type { Choices } from "./model";

/** Why a file cannot be sent, or "". The server looks again. */
export function refusedFile(
  file: { name: string; type: string; size: number },
  rules: Choices["files"],
  labels: Labels,
): string {
  if (file.size === 0) return labels.file_empty;
  if (file.size > rules.max_bytes) {
    return fill(labels.file_large, { size: sizeWords(file.size), max: sizeWords(rules.max_bytes) });
  }
  if (rules.types.length > 0 && !rules.types.includes(file.type)) {
    return fill(labels.file_type, { types: rules.types.map(typeWords).join("、") });
  }
  return "";
}

/** "830 KB", "1.5 MB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  const mega = bytes / (1024 * 1024);
  return `${mega % 1 < 0.05 ? Math.floor(mega) : mega.toFixed(1)} MB`;
}

/** The part of a type that people know: "JPEG" of "image/jpeg". */
export function typeWords(type: string): string {
  const word = type.split("/").pop() ?? type;
  const known: Record<string, string> = {
    "vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    msword: "DOC",
    plain: "TXT",
  };
  return known[word] ?? word.toUpperCase();
}
