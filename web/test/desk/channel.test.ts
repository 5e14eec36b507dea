import { describe, expect, it } from "vitest";
import { channelOf, dateParts, reach } from "../../src/desk/channel";
import type { ChannelState, Snapshot } from "../../src/desk/model";
import { readChannel, readDesk } from "../../src/desk/read";
import { readPackage } from "../../src/desk/read-package";
import { emptyTalk, withFrame, withSnapshot } from "../../src/desk/talk";

const NOON = "2026-11-24T12:00:00+08:00";
const before = Date.parse("2026-11-22T12:00:00+08:00");

function wechat(more: Partial<ChannelState> = {}): ChannelState {
  return {
    name: "wechat",
    subscribed: true,
    window_until: NOON,
    left: 3,
    held: 0,
    deliveries: {},
    ...more,
  };
}

describe("how far the customer can be reached", () => {
  const web = readChannel({ name: "web" });

  it("is always, where the channel knows no window", () => {
    expect(web && reach(web, before)).toBe("always");
  });

  it("is until the window's end, by the server's clock", () => {
    expect(reach(wechat(), Date.parse(NOON) - 1)).toBe("open");
    expect(reach(wechat(), Date.parse(NOON))).toBe("over");
    expect(reach(wechat({ window_until: null }), before)).toBe("over");
  });

  it("is until the last message; a channel that does not count has no last one", () => {
    expect([3, 1, 0, -1, null].map((left) => reach(wechat({ left }), before))).toEqual([
      "open",
      "last",
      "used_up",
      "used_up",
      "open",
    ]);
  });

  it("is not at all for who has unsubscribed, whatever the window says", () => {
    expect(reach(wechat({ subscribed: false, left: 0, window_until: null }), before)).toBe("unsubscribed");
  });
});

describe("the state of a channel", () => {
  it("is read with what is missing left open, and without deliveries that this page does not know", () => {
    expect(readChannel({ name: "web" })).toEqual({
      name: "web",
      subscribed: null,
      window_until: null,
      left: null,
      held: 0,
      deliveries: null,
    });
    expect(
      readChannel({ name: "wechat", deliveries: { 2: "held", 3: "teleported", 4: 5 } })?.deliveries,
    ).toEqual({
      2: "held",
    });
    expect([readChannel(null), readChannel({}), readChannel("wechat")]).toEqual([null, null, null]);
  });

  it("is read in every list of the desk", () => {
    const one = { conversation_id: "c1", channel: "wechat", channel_state: { name: "wechat", left: 2 } };
    const view = readDesk({ now: NOON, queue: [one], offers: [one], mine: [{ conversation_id: "c2" }] });
    expect([view?.queue[0], view?.offers[0]].map((item) => item?.channel_state?.left)).toEqual([2, 2]);
    expect(view?.mine[0]?.channel_state).toBeNull();
  });

  it("names its day and hour in the bank's zone", () => {
    expect(dateParts("2026-11-23T16:05:00Z")).toMatchObject({
      month: "11",
      day: "24",
      hour: "00",
      minute: "05",
    });
  });

  it("of one's own comes from the stream; of one that waits from the list, which leaves the deliveries", () => {
    const told = wechat({ left: 2, deliveries: { 5: "sent" } });
    const listed = wechat({ left: 1, deliveries: null });
    expect(channelOf(told, listed, true)).toBe(told);
    expect(channelOf(told, listed, false)).toEqual(wechat({ left: 1, deliveries: { 5: "sent" } }));
    expect([channelOf(told, null, false), channelOf(null, listed, true)]).toEqual([told, listed]);
  });
});

describe("a conversation's channel", () => {
  const snapshot: Snapshot = {
    package: readPackage({}),
    clocks: [],
    events: [],
    state: "HUMAN",
    holder: "a1",
    epoch: 2,
    channel_state: wechat({ deliveries: { 5: "pending" } }),
  };

  it("comes with a snapshot, and changes with a frame that brings no event", () => {
    const talk = withSnapshot(emptyTalk("c1"), snapshot);
    expect(talk.channel?.deliveries).toEqual({ 5: "pending" });
    const frame = { epoch: 2, events: [], channel_state: wechat({ deliveries: { 5: "sent" } }) };
    expect(withFrame(talk, frame).channel?.deliveries).toEqual({ 5: "sent" });
    expect(withFrame(talk, { epoch: 2, events: [] }).channel).toBe(talk.channel);
  });

  it("does not fall back when a snapshot that was asked for before a frame comes after it", () => {
    const asked = withSnapshot(emptyTalk("c1"), snapshot);
    const told = withFrame(asked, { epoch: 2, channel_state: wechat({ deliveries: { 5: "sent" } }) });
    expect(withSnapshot(told, snapshot, asked).channel?.deliveries).toEqual({ 5: "sent" });
    expect(withSnapshot(told, snapshot, told).channel?.deliveries).toEqual({ 5: "pending" });
  });
});
