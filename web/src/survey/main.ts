import { SurveyPage } from "./page";

customElements.define("survey-page", SurveyPage);
