import { Sondeo } from "sondeo/react";

export default function Page() {
  return (
    <main>
      <h1>Next.js</h1>
      <Sondeo survey="nps" lang="es" custom={{ article: 7 }} className="survey" />
    </main>
  );
}
