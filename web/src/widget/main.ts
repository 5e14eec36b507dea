import { QiantaiChat } from "./element";

// Loaded twice (two tags on one page), the first one stands.
if (!customElements.get("qiantai-chat")) customElements.define("qiantai-chat", QiantaiChat);
