import { handover } from "./handover";
import { marks } from "./marks";
import { news } from "./news";
import { replies } from "./replies";
import { scripts } from "./scripts";
import type { Tab } from "./tab";

/** What can stand beside a conversation, in this order; the first is there to begin with. */
export const TABS = [handover, scripts, replies, marks, news] as const satisfies readonly Tab[];
