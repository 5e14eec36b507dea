// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { TODAY } from "../../../src/desk/place";
import { TABS } from "../../../src/desk/tabs/all";
import { asideView } from "../../../src/desk/views-aside";
import { NOW, setUp } from "./make";

describe("beside a conversation", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  const nothing = () => undefined;
  const open = async (mine: boolean) => {
    const { desk, draw } = await setUp({ place: TODAY });
    const item = { conversation_id: "c1", channel: "web", state: "HUMAN", epoch: 1, last_seq: 1 } as const;
    if (desk.lists.view) desk.lists.view = { ...desk.lists.view, mine: mine ? [item] : [] };
    desk.select("c1");
    const page = () =>
      draw(() => asideView({ desk, labels: zh, tabs: TABS, tab: TABS[0], choose: nothing, insert: nothing }));
    return { desk, page };
  };

  it("a complaint is written down and a promise noted with one click, while it is mine", async () => {
    const { desk, page } = await open(true);
    const link = page().querySelector(".about-deeds a");
    expect(link?.getAttribute("href")).toBe("#/tickets/new?conversation=c1");
    page().querySelector<HTMLButtonElement>(".about-deeds button")?.click();
    expect(desk.cases.promising).toBe("c1");
  });

  it("nothing of it is offered for another's", async () => {
    const { page } = await open(false);
    expect(page().querySelector(".about-deeds")).toBeNull();
  });
});
