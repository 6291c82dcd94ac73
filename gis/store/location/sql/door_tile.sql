-- One vector tile of doors: house numbers, buildings of an estate and their stairwells, each once.
-- Needs the GiST index on address.geom. Nothing of who lives there is in it.
WITH box AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS edge
),
here AS (
    SELECT a.community_id, a.street, a.number, a.estate, a.building, a.stairwell, a.geom,
           COALESCE(a.estate, a.street, a.text) ~ '[一-鿿]' AS is_chinese
    FROM address a, box
    WHERE a.geom && ST_Transform(box.edge, 4326)
      AND (CAST(:communities AS int[]) IS NULL OR a.community_id = ANY(:communities))
),
doors AS (
    SELECT 'building' AS kind, building || CASE WHEN is_chinese THEN '栋' ELSE '' END AS name,
           ST_Centroid(ST_Collect(geom)) AS spot
    FROM here WHERE building IS NOT NULL
    GROUP BY community_id, street, number, estate, building, is_chinese
    UNION ALL
    SELECT 'stairwell', stairwell || CASE WHEN is_chinese THEN '单元' ELSE '' END,
           ST_Centroid(ST_Collect(geom))
    FROM here WHERE stairwell IS NOT NULL
    GROUP BY community_id, street, number, estate, building, stairwell, is_chinese
    UNION ALL
    SELECT 'number', number, ST_Centroid(ST_Collect(geom))
    FROM here WHERE building IS NULL AND number IS NOT NULL
    GROUP BY community_id, street, number
)
SELECT ST_AsMVT(t, 'doors', 4096, 'geom')
FROM (
    SELECT kind, name, ST_AsMVTGeom(ST_Transform(spot, 3857), box.edge, 4096, 0) AS geom
    FROM doors, box ORDER BY kind, name
) t
WHERE geom IS NOT NULL
