import type { Labels } from "../labels.zh";
import { type Field, LIMITS } from "./form";
import type { Choices, Full } from "./model";

/** The boxes of what was told wrong or not at all. Personal data is typed anew, never shown: empty, it stays. */
export function correctFields({ fields }: Full, choices: Choices, labels: Labels): Field[] {
  return [
    { name: "name", label: labels.f_name, kind: "line", max: LIMITS.name, hint: labels.f_stays_hint },
    {
      name: "contact",
      label: labels.f_contact,
      kind: "line",
      max: LIMITS.contact,
      hint: labels.f_stays_hint,
    },
    {
      name: "request",
      label: labels.f_request,
      kind: "text",
      rows: 2,
      max: LIMITS.words,
      initial: fields.request,
    },
    { name: "basis", label: labels.f_basis, kind: "text", rows: 2, max: LIMITS.words, initial: fields.basis },
    product(fields.product, choices, labels),
    { name: "amount", label: labels.f_amount, kind: "line", max: LIMITS.name, initial: fields.amount },
    { name: "branch", label: labels.f_branch, kind: "line", max: LIMITS.name, initial: fields.branch },
    {
      name: "customer_type",
      label: labels.f_customer_type,
      kind: "radio",
      initial: fields.customer_type,
      options: [
        { id: "personal", label: labels.type_personal },
        { id: "corporate", label: labels.type_corporate },
      ],
    },
    {
      name: "on_behalf",
      label: labels.f_on_behalf,
      kind: "line",
      max: LIMITS.words,
      hint: labels.f_on_behalf_hint,
      initial: fields.on_behalf,
    },
    {
      name: "representatives",
      label: labels.f_representatives,
      kind: "text",
      rows: 2,
      max: 400,
      hint: labels.f_representatives_hint,
      initial: fields.representatives.join("\n"),
    },
    { name: "prefers", label: labels.f_prefers, kind: "line", max: LIMITS.words, initial: fields.prefers },
  ];
}

/** The page shows it by its name; what the bank's list does not know stays as it was said. */
function product(said: string, { products }: Choices, labels: Labels): Field {
  const known = products.find((one) => one.id === said || one.label === said)?.id;
  const options = known || !said ? products : [...products, { id: said, label: said }];
  return { name: "product", label: labels.f_product, kind: "select", options, initial: known ?? said };
}
