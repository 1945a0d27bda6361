export default { outputFileTracingRoot: import.meta.dirname, poweredByHeader: false, compress: false };
