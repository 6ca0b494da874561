CREATE TABLE products (
  sku text PRIMARY KEY,
  name text NOT NULL,
  category text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0),
  stock integer NOT NULL CHECK (stock >= 0)
);

-- From this number of pieces on, so many percent less.
CREATE TABLE discounts (
  min_quantity integer PRIMARY KEY CHECK (min_quantity > 1),
  percent integer NOT NULL CHECK (percent BETWEEN 1 AND 90)
);

CREATE TABLE tax_rates (
  country char(2) PRIMARY KEY,
  percent integer NOT NULL CHECK (percent BETWEEN 0 AND 30)
);

-- One row: the number of the catalogue's last change. Caches compare it.
CREATE TABLE catalogue (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  generation integer NOT NULL
);
INSERT INTO catalogue (generation) VALUES (0);

CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue SET generation = generation + 1;
  RETURN NULL;
END $$;

-- Stock is not part of the catalogue: it is read fresh for each order.
CREATE TRIGGER catalogue_changed
  AFTER INSERT OR DELETE OR UPDATE OF sku, name, category, price_cents ON products
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer text NOT NULL,
  country char(2) NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'shipped', 'cancelled')),
  net_cents integer NOT NULL,
  discount_cents integer NOT NULL,
  tax_cents integer NOT NULL,
  total_cents integer NOT NULL CHECK (total_cents = net_cents - discount_cents + tax_cents),
  summary text
);
CREATE INDEX orders_of_customer ON orders (customer, number DESC);

CREATE TABLE order_lines (
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  sku text NOT NULL REFERENCES products,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_cents integer NOT NULL,
  PRIMARY KEY (order_id, sku)
);
