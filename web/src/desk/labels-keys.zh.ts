/** What the shortcuts do. */
export const zh = {
  help: "快捷键",
  help_hint: "输入中文时不会触发。",
  help_close: "关闭",
  key_accept: "接入分配给我的客户；没有分配时，接入打开的排队客户",
  key_decline: "拒绝分配给我的客户",
  key_unread: "打开下一个有未读消息的会话",
  key_mine: "打开我的第 1 到 9 个会话",
  key_reply: "到回复框",
  key_send: "发送回复",
  key_completed: "发送补全后的版本",
  key_search: "搜索话术",
  key_ticket: "登记投诉工单",
  key_transfer: "转交",
  key_wrap_up: "结束会话并填写小结",
  key_entry: "打开主导航的第 1 到 9 项",
  key_help: "显示本页",
};

export type KeyLabels = typeof zh;
