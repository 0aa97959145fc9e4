import { lazy, Suspense, useEffect, useState } from "react";
import { SignIn } from "./parts/SignIn.tsx";
import { useWords } from "./parts/common.tsx";
import { me } from "./state/me.ts";
import { mine } from "./state/mine.ts";
import { route } from "./state/route.ts";
import { useStore } from "./state/store.ts";

// Apart, so that who keeps a case or the accounts does not load a chart, and the watch no accounts.
const Watch = lazy(() => import("./Watch.tsx"));
const Desk = lazy(() => import("./pages/Desk.tsx"));
const PoliciesRefused = lazy(() => import("./pages/changes/PoliciesRefused.tsx"));

/** The door, or the page that the address names. The watch, once opened, goes on behind the other pages:
 * its alerts sound there too. */
export function App() {
  const phase = useStore(me, (s) => s.phase);
  const my = useStore(mine, (s) => s.mine);
  const isRefused = useStore(mine, (s) => s.isRefused);
  const named = useStore(route, (s) => s.page);
  const page = named ?? my?.pages[0] ?? "incidents"; // to whom nothing opens yet, a page without a map says so
  const [isWatching, setIsWatching] = useState(false);
  const onMap = my !== null && page === "map";
  useEffect(() => {
    if (onMap) setIsWatching(true);
  }, [onMap]);
  if (phase === "out") return <SignIn />;
  if (!my && isRefused) return <Suspense fallback={<Loading />}><PoliciesRefused /></Suspense>;
  if (!my) return <Loading />;
  return (
    <>
      {(onMap || isWatching) && (
        <div className="watch" inert={!onMap}>
          <Suspense fallback={<Loading />}>
            <Watch />
          </Suspense>
        </div>
      )}
      {page !== "map" && (
        <Suspense fallback={<Loading />}>
          <Desk page={page} />
        </Suspense>
      )}
    </>
  );
}

function Loading() {
  const t = useWords();
  return <p className="page-loading" role="status">{t("page.loading")}</p>;
}
