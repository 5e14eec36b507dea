import { DeskApp } from "./app";
import { DeskPicture } from "./picture";
import { WallChart } from "./wall/chart";

customElements.define("desk-picture", DeskPicture);
customElements.define("wall-chart", WallChart);
customElements.define("desk-app", DeskApp);
