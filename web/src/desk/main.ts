import { DeskApp } from "./app";

customElements.define("desk-app", DeskApp);
