import { defineComponent, h, onBeforeUnmount, onMounted } from "vue";
import { EVENTS, host, listen } from "./host.js";

/** A survey where it stands in the page, or above it with `display`. */
export const Sondeo = /*#__PURE__*/ defineComponent({
  name: "Sondeo",
  inheritAttrs: false,
  props: { survey: { type: [String, Array], required: true } },
  emits: EVENTS,
  setup(properties, { attrs, emit }) {
    let end;
    onMounted(() => {
      end = listen(() => properties.survey, emit);
    });
    onBeforeUnmount(() => end?.());
    return () => h("div", host({ ...attrs, survey: properties.survey }));
  },
});
