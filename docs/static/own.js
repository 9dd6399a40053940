// The page that is read stays in sight in the list of pages.
document.querySelector(".sidebar-tree .current-page")?.scrollIntoView({ block: "center" });
