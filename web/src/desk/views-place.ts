import { nothing, type TemplateResult } from "lit";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import { auditView } from "./people/views-audit";
import { peopleView } from "./people/views-people";
import type { Place } from "./place";
import { boardView } from "./tickets/views-board";
import { intakeView } from "./tickets/views-intake";
import { listView } from "./tickets/views-list";
import { tasksView } from "./tickets/views-tasks";
import { ticketView } from "./tickets/views-ticket";
import { wallView } from "./wall/views-wall";

export interface ConsoleView {
  desk: Desk;
  labels: Labels;
}

/** What each place shows. Today's desk is drawn by the console itself. */
const VIEWS: Record<Exclude<Place["view"], "talks">, (view: ConsoleView) => TemplateResult> = {
  list: listView,
  ticket: ticketView,
  new: intakeView,
  board: boardView,
  tasks: tasksView,
  wall: wallView,
  people: peopleView,
  audit: auditView,
};

/** The part of the console that the address names. */
export function placeView(view: ConsoleView): TemplateResult | typeof nothing {
  const { place } = view.desk.where;
  return place.view === "talks" ? nothing : VIEWS[place.view](view);
}
