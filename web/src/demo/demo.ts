import { chosenServer } from "./server";

const chat = document.querySelector("qiantai-chat");
const meta = document.querySelector<HTMLMetaElement>('meta[name="qiantai-server"]');
const server = chosenServer(meta?.content ?? null, window.location.search);
if (server) chat?.setAttribute("server", server);
document.querySelector("#ask")?.addEventListener("click", () => chat?.setAttribute("open", ""));
