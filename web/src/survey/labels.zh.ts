/** The page's own words. What the bank asks and says comes from the server. */
export const zh = {
  title: "服务评价",
  loading: "正在打开…",
  step: "第 {n} 题，共 {of} 题",
  words: "写下您想说的话",
  send: "提交",
  sending: "正在提交…",
  count: "{n}/{max}",
  too_long: "最多写 {max} 个字，请删减 {n} 个字。",
  load_failed: "没有打开，请检查网络后再试一次。",
  send_failed: "没有提交成功，您的回答还在，请再试一次。",
  busy: "操作太频繁，您的回答还在，请稍等一会儿再试。",
  retry: "再试一次",
  done: "评价完成",
  done_close: "可以关闭这个页面了。",
  gone: "链接已失效。有话想对我们说，请拨打客服热线。",
  hotline: "客服热线 {hotline}",
};

export type Labels = typeof zh;
