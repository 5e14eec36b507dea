/** What colleagues, the bank and earlier conversations tell about a customer. */
export const zh = {
  identity: "身份",
  identity_bound: "银行已确认身份",
  identity_proven: "已核对工单 {case} 的联系方式",
  identity_contact: "留过联系方式，未核实",
  identity_none: "未核实身份（不要说账户信息）",
  identity_left: "留有联系方式",
  careful: "关怀：请慢一点、说清楚",
  flags: "内部提示，不可让客户知道",
  left_notes: "同事交代",
  left_transfer: "转交",
  left_transfer_to: "转交给{name}",
  left_decline: "拒绝接入",
  left_lost: "连接中断",
  left_close: "结束",
  left_close_as: "结束：{result}",
  formers: "以前的会话",
  former_look: "查看",
  former_look_at: "查看 {t} 的会话",
  former_shut: "收起",
  former_shut_at: "收起 {t} 的会话",
  former_talk: "{t} 的会话，只能看",
  former_empty: "没有对话内容。",
};

export type HandoverLabels = typeof zh;
