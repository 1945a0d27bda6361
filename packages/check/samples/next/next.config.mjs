// One page, as files.
export default { output: "export", outputFileTracingRoot: new URL("../..", import.meta.url).pathname };
