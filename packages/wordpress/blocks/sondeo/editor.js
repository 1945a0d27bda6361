// The block as its author sees it: what is asked, and how it stands on the page. The server writes the element.
(function (blocks, element, components, editor, i18n) {
  const { createElement } = element;
  const { __ } = i18n;
  const templates = [
    "faq",
    "csat",
    "ces",
    "nps",
    "ttr",
    "first-visit",
    "signup",
    "welcome",
    "post-purchase",
    "follow-up",
    "cancellation",
    "cart-abandonment",
    "trial-end",
    "support",
  ];
  const displays = [
    { value: "", label: __("Where the block stands", "sondeo") },
    { value: "popover", label: __("In a corner of the page", "sondeo") },
    { value: "bar", label: __("As a bar", "sondeo") },
    { value: "tab", label: __("As a tab at the edge", "sondeo") },
    { value: "dialog", label: __("As a dialog", "sondeo") },
  ];

  blocks.registerBlockType("sondeo/survey", {
    edit: ({ attributes, setAttributes }) =>
      createElement(
        "div",
        editor.useBlockProps(),
        createElement(
          components.Placeholder,
          { icon: "format-status", label: __("Survey", "sondeo") },
          createElement(components.SelectControl, {
            label: __("What is asked", "sondeo"),
            value: attributes.survey,
            options: templates.map((value) => ({ value, label: value })),
            onChange: (survey) => setAttributes({ survey }),
          }),
          createElement(components.SelectControl, {
            label: __("How it stands on the page", "sondeo"),
            value: attributes.display,
            options: displays,
            onChange: (display) => setAttributes({ display }),
          }),
        ),
      ),
    save: () => null,
  });
})(window.wp.blocks, window.wp.element, window.wp.components, window.wp.blockEditor, window.wp.i18n);
