-- One vector tile of the ground: land cover, water lines, buildings, roads, rails, walls.
-- Needs the GiST indexes on land_cover, barrier and building (geom_3857).
-- :tolerance is half a pixel in Web Mercator metres; shapes under four pixels are left out.
WITH box AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS edge,
           ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096) AS wide
),
cover AS (
    SELECT c.kind, ST_AsMVTGeom(ST_Simplify(c.geom_3857, :tolerance, true), box.edge, 4096, 64) AS geom
    FROM land_cover c, box
    WHERE c.geom_3857 && box.wide
      AND ST_Area(ST_Envelope(c.geom_3857)) > 16 * :tolerance * :tolerance
    ORDER BY array_position(ARRAY['farmland', 'built_up', 'green', 'water'], c.kind), c.id
),
houses AS (
    SELECT ST_AsMVTGeom(ST_Simplify(h.geom_3857, :tolerance, true), box.edge, 4096, 64) AS geom
    FROM building h, box
    WHERE :z >= 12 AND h.geom_3857 && box.wide
),
lines AS (
    SELECT l.id, l.kind, CASE WHEN l.kind = ANY (:named) THEN l.name END AS name,
           ST_AsMVTGeom(ST_Simplify(l.geom_3857, :tolerance, true), box.edge, 4096, 64) AS geom
    FROM barrier l, box
    WHERE l.geom_3857 && box.wide AND l.kind = ANY (:kinds)
),
roads AS (
    SELECT kind, name, geom FROM lines
    WHERE kind IN ('motorway', 'main_road', 'minor_road', 'path') AND geom IS NOT NULL
    ORDER BY array_position(ARRAY['path', 'minor_road', 'main_road', 'motorway'], kind), id
)
SELECT (SELECT ST_AsMVT(t, 'land_cover', 4096, 'geom') FROM cover t WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(t, 'water_lines', 4096, 'geom')
        FROM (SELECT 'river' AS kind, name, geom FROM lines WHERE kind = 'river') t
        WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(t, 'buildings', 4096, 'geom') FROM houses t WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(t, 'walls', 4096, 'geom')
        FROM (SELECT geom FROM lines WHERE kind = 'wall') t WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(t, 'roads', 4096, 'geom') FROM roads t)
    || (SELECT ST_AsMVT(t, 'rails', 4096, 'geom')
        FROM (SELECT geom FROM lines WHERE kind = 'rail') t WHERE geom IS NOT NULL)
