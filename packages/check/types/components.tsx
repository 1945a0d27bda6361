import { Sondeo } from "sondeo/react";
import { Sondeo as VueSondeo } from "sondeo/vue";
import { Sondeo as SvelteSondeo } from "sondeo/svelte";
import { h } from "vue";
import { mount } from "svelte";

export const page = (
  <>
    <Sondeo survey="faq" />
    <Sondeo
      survey={["faq", "my-own"]}
      display="popover"
      maxShows={2}
      custom={{ article: 7 }}
      className="survey"
      data-testid="survey"
      aria-label="Survey"
      onAnswered={({ question, value }) => console.log(question, value)}
      onFailed={({ reason }) => console.log(reason)}
    />
    {/* @ts-expect-error It has to say which. */}
    <Sondeo />
    {/* @ts-expect-error A word that there is not. */}
    <Sondeo survey="faq" display="window" />
    {/* @ts-expect-error No such event. */}
    <Sondeo survey="faq" onClosed={() => {}} />
  </>
);

export const vue = h(VueSondeo, { survey: "faq", maxShows: 2, onAnswered: ({ value }) => console.log(value) });
export const svelte = mount(SvelteSondeo, {
  target: document.body,
  props: { survey: "faq", maxShows: 2, onanswered: ({ value }) => console.log(value) },
});
