export const props = $state({ log: [], state: { survey: "nps", article: 1 } });
