import { mount, unmount } from "svelte";
import App from "./App.svelte";
import { props } from "./props.svelte.js";

const app = mount(App, { target: document.getElementById("root"), props });
window.svelte = { log: props.log, change: (state) => (props.state = state), end: () => unmount(app) };
