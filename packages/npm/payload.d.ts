import type { AnswerValue, TemplateName } from "./sondeo.js";

/** What an endpoint receives: one state of one response. The highest `revision` of an `id` counts. */
export interface SurveyResponse {
  /** The version of the payload. */
  sondeo: 1;
  /** A UUID of version 7, the same in every revision. */
  id: string;
  revision: number;
  status: "shown" | "partial" | "completed" | "dismissed";
  /** The site of a collector that asked. */
  site?: string;
  survey: string;
  /** The version of a survey that was published. */
  version?: number;
  template: TemplateName | null;
  /** What made it due, as in `data-trigger`. */
  trigger: string;
  /** The language of the texts that the visitor read. */
  language: string;
  /** All answers so far. */
  answers: Answer[];
  /** RFC 3339. */
  shown_at: string;
  sent_at: string;
  elapsed_ms: number;
  /** Without query and fragment. */
  page: { url: string; title: string; referrer: string };
  client: {
    language: string;
    time_zone: string | null;
    device: "mobile" | "tablet" | "desktop";
    /** Width and height, in CSS pixels. */
    viewport: [number, number];
  };
  visit: number;
  visitor: string | null;
  user: string | null;
  custom: Record<string, string>;
  /** The version of the widget. */
  widget: string;
}

/** One answer, with the question as it was read. */
export interface Answer {
  question: string;
  text: string;
  kind: "likert" | "yes-no" | "nps" | "choice" | "choices" | "text";
  /** Of a scale. */
  points?: number;
  metric?: "csat" | "ces" | "nps" | "ttr" | "helpful";
  value: AnswerValue;
  /** What was written beside the option `other`. */
  other?: string;
}
