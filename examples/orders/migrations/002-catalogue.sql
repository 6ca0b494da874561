INSERT INTO products (sku, name, category, price_cents, stock) VALUES
  ('lamp-desk',    'Desk lamp',          'light',   4950, 100000),
  ('lamp-floor',   'Floor lamp',         'light',  12900, 100000),
  ('lamp-clip',    'Clip-on lamp',       'light',   1999, 100000),
  ('chair-oak',    'Oak chair',          'seats',  18900, 100000),
  ('chair-fold',   'Folding chair',      'seats',   3500, 100000),
  ('stool-bar',    'Bar stool',          'seats',   7450, 100000),
  ('table-round',  'Round table',        'tables', 34900, 100000),
  ('table-side',   'Side table',         'tables',  5990, 100000),
  ('shelf-wall',   'Wall shelf',         'shelves', 2799, 100000),
  ('shelf-corner', 'Corner shelf',       'shelves', 8300, 100000);

INSERT INTO discounts (min_quantity, percent) VALUES (10, 5), (50, 12), (100, 20);

INSERT INTO tax_rates (country, percent) VALUES ('DE', 19), ('FR', 20), ('CH', 8), ('US', 0);
