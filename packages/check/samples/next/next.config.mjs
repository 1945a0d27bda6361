// One page, as files. Its code is checked elsewhere, and not once more here.
export default {
  output: "export",
  outputFileTracingRoot: new URL("../..", import.meta.url).pathname,
  eslint: { ignoreDuringBuilds: true },
  typescript: { ignoreBuildErrors: true },
};
