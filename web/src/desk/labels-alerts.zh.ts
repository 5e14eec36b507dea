/** What catches an agent's eye and ear: clocks, whose own names come from the server, sounds, a long queue. */
export const zh = {
  clock_close: "{who}：{what}即将到时限",
  clock_over: "{who}：{what}已超时",
  clock_and: "；",
  quiet: "客户 {t} 没有回应",
  watching: "旁观中：{name}在服务",
  watching_still: "{name}在服务，内容不会自动更新",
  look_again: "刷新内容",
  take_over: "接管",
  take_over_title: "接管会话",
  take_over_why: "接管原因（坐席看得到，记录在案）",
  taken_over: "{name}接管了会话：{why}",
  sound_test: "试听",
  sound_asleep: "未开启",
  sound_sounded: "已播放提示音。没有听到的话，请检查电脑音量，以及浏览器标签页是否静音。",
  sound_muted: "提示音已关闭，请先打开。",
  sound_blocked: "浏览器不允许播放提示音。请点击地址栏左侧的图标，把“声音”设为“允许”，再点“试听”。",
  queue_behind: "后面还有 {n} 位，前面的接入以后依次显示",
  queue_more: "更多（还有 {n} 位）",
};

export type AlertLabels = typeof zh;
