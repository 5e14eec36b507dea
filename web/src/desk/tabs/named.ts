/** What a customer named, as the server keeps it (canonical values of bot/text/entities.py). */
export interface Named {
  entity: string;
  value: string;
  currency?: string;
}

const UNITS: Record<string, string> = { Y: "year", M: "month", D: "day" };

/** The value as people write it: "P3Y" is 3年, "--11-03" 11月3日, 5000 USD 5,000美元. Anything else as it came. */
export function inWords({ entity, value, currency }: Named): string {
  const term = entity === "term" && /^P(\d+)([YMD])$/.exec(value);
  if (term)
    return number({ style: "unit", unit: UNITS[term[2] ?? ""], unitDisplay: "long" }).format(Number(term[1]));
  if (entity === "amount" && /^\d+(\.\d+)?$/.test(value)) {
    const style = { style: "currency", currency: currency ?? "CNY", currencyDisplay: "name" } as const;
    return number({ ...style, minimumFractionDigits: 0 }).format(Number(value));
  }
  const date = entity === "date" && /^(?:(\d{4})|-)-(?:(\d{2})|-)-?(\d{2})$/.exec(value);
  if (!date) return value;
  const [, year, month, day] = date;
  return `${year ? `${year}年` : ""}${month ? `${Number(month)}月` : ""}${Number(day)}日`;
}

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return new Intl.NumberFormat("zh-CN", options);
}
