import { DeskApp } from "./app";
import { DeskPicture } from "./picture";

customElements.define("desk-picture", DeskPicture);
customElements.define("desk-app", DeskApp);
