import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import App from "./App.vue";
import Article from "./Article.vue";

const routes = [
  { path: "/articles/:id", component: Article, props: true },
  { path: "/about", component: { render: () => "About" } },
];
createApp(App)
  .use(createRouter({ history: createWebHistory(), routes }))
  .mount("#root");
