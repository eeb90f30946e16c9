// The page begins here.

open(JSON.parse(byId('trace').textContent), location.hash);
listen();
show();
