export { default as Sondeo } from "./Sondeo.svelte";
