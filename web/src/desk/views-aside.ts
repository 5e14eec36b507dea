import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import { address } from "./place";
import type { Tab, TabView } from "./tabs/tab";
import { nameOf } from "./tickets/slot";

export interface AsideView extends TabView {
  tabs: readonly Tab[];
  /** The one in front. */
  tab: Tab;
  choose(tab: Tab): void;
}

/** What stands beside a conversation: what can be made of it, and one of the tabs. */
export function asideView(view: AsideView): TemplateResult {
  const { desk, labels, tabs, tab } = view;
  return html`<aside class="about" aria-label=${labels.handover}>
    <div class="tabs" role="tablist" aria-label=${labels.handover} @keydown=${(event: KeyboardEvent) => move(view, event)}>
      ${tabs.map(
        (one) => html`<button
          type="button"
          role="tab"
          id=${`tab-${one.id}`}
          aria-controls="aside-body"
          aria-selected=${one === tab ? "true" : "false"}
          tabindex=${one === tab ? "0" : "-1"}
          @click=${() => view.choose(one)}
        >${labels[one.label]}${countView(one.count?.(view) ?? 0, labels)}</button>`,
      )}
    </div>
    ${deedsView(desk, labels)}
    <div id="aside-body" class="about-body" role="tabpanel" aria-labelledby=${`tab-${tab.id}`} tabindex="0">
      ${tab.draw(view)}
    </div>
  </aside>`;
}

function countView(count: number, labels: Labels): TemplateResult | typeof nothing {
  return count > 0
    ? html` <em class="tag amber" aria-label=${fill(labels.unread, { n: count })}>${count}</em>`
    : nothing;
}

/** Arrows lead from tab to tab, around the ends; Tab leads on to what the one in front shows. */
function move({ tabs, tab, choose }: AsideView, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const [at, last] = [tabs.indexOf(tab), tabs.length - 1];
  const steps: Record<string, number> = {
    ArrowLeft: at === 0 ? last : at - 1,
    ArrowRight: at === last ? 0 : at + 1,
    Home: 0,
    End: last,
  };
  const next = tabs[steps[event.key] ?? -1];
  if (!next) return;
  event.preventDefault();
  choose(next);
  (event.currentTarget as Element).querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
}

/** What a conversation can become, while it is mine: a complaint, and a task for what was promised. */
function deedsView(desk: Desk, labels: Labels): TemplateResult | typeof nothing {
  const id = desk.current;
  if (!id || !desk.lists.isMine(id)) return nothing;
  const promise = `promise:${id}`;
  return html`<div class="row wrap about-deeds">
    <a class="as-button" href=${address({ view: "new", conversation: id })}>${labels.intake_title}</a>
    <button
      type="button"
      data-opens=${nameOf(promise)}
      ?disabled=${!desk.online}
      @click=${() => desk.cases.slot.open(promise)}
    >${labels.promise}</button>
  </div>`;
}
