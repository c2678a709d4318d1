-- The templates that every user finds on the shelves, for psql or any other client:
--
--     psql -X --single-transaction -f migrations/creativeflow/seeds/02_Default_Templates.sql …
--
-- user_id NULL makes them the system's own. Their ids are fixed, so run again this changes nothing,
-- a template edited in the meantime included. Pictures lie in object storage under templates/.

INSERT INTO templates (id, name, category, description, preview_url, tags, source_data) VALUES
('5eed0000-0000-4000-8000-000000000101', 'Square post', 'social_media',
 'A picture with one line of text, for a feed.',
 'templates/square_post/preview.png', '["social", "post", "square"]',
 '{"version": 1,
  "canvas": {"width": 1080, "height": 1080, "unit": "px"},
  "layers": [
    {"type": "image", "id": "photo", "frame": [0, 0, 1080, 1080], "placeholder": true},
    {"type": "text", "id": "headline", "frame": [80, 820, 920, 180],
     "text": "Say it in one line", "role": "heading", "align": "left"},
    {"type": "logo", "id": "logo", "frame": [900, 60, 120, 120], "source": "brand_kit"}]}'),
('5eed0000-0000-4000-8000-000000000102', 'Story', 'social_media',
 'Full height, with room left free for the network''s own buttons.',
 'templates/story/preview.png', '["social", "story", "vertical"]',
 '{"version": 1,
  "canvas": {"width": 1080, "height": 1920, "unit": "px"},
  "layers": [
    {"type": "image", "id": "background", "frame": [0, 0, 1080, 1920], "placeholder": true},
    {"type": "text", "id": "headline", "frame": [90, 360, 900, 320],
     "text": "New this week", "role": "heading", "align": "center"},
    {"type": "text", "id": "call_to_action", "frame": [240, 1480, 600, 120],
     "text": "Find out more", "role": "button", "align": "center"}]}'),
('5eed0000-0000-4000-8000-000000000103', 'Video thumbnail', 'video',
 'A face or a product, and three words that can be read when small.',
 'templates/video_thumbnail/preview.png', '["video", "thumbnail"]',
 '{"version": 1,
  "canvas": {"width": 1280, "height": 720, "unit": "px"},
  "layers": [
    {"type": "image", "id": "subject", "frame": [560, 0, 720, 720], "placeholder": true},
    {"type": "text", "id": "headline", "frame": [60, 180, 520, 360],
     "text": "Three short words", "role": "heading", "align": "left"}]}'),
('5eed0000-0000-4000-8000-000000000104', 'Web banner', 'advertising',
 'Leaderboard format of display advertising.',
 'templates/web_banner/preview.png', '["ad", "banner", "web"]',
 '{"version": 1,
  "canvas": {"width": 728, "height": 90, "unit": "px"},
  "layers": [
    {"type": "shape", "id": "ground", "frame": [0, 0, 728, 90], "fill": "brand:primary"},
    {"type": "text", "id": "offer", "frame": [20, 20, 500, 50],
     "text": "Half price until Sunday", "role": "heading", "align": "left"},
    {"type": "text", "id": "call_to_action", "frame": [560, 22, 148, 46],
     "text": "Shop now", "role": "button", "align": "center"}]}'),
('5eed0000-0000-4000-8000-000000000105', 'Event poster', 'print',
 'A4, with bleed left to the export.',
 'templates/event_poster/preview.png', '["print", "poster", "event"]',
 '{"version": 1,
  "canvas": {"width": 2480, "height": 3508, "unit": "px"},
  "layers": [
    {"type": "image", "id": "picture", "frame": [0, 0, 2480, 2000], "placeholder": true},
    {"type": "text", "id": "title", "frame": [160, 2120, 2160, 420],
     "text": "Name of the event", "role": "heading", "align": "left"},
    {"type": "text", "id": "details", "frame": [160, 2620, 2160, 520],
     "text": "Day, time and place", "role": "body", "align": "left"},
    {"type": "logo", "id": "logo", "frame": [160, 3220, 360, 160], "source": "brand_kit"}]}'),
('5eed0000-0000-4000-8000-000000000106', 'Newsletter header', 'email',
 'The picture above a newsletter, twice its displayed width.',
 'templates/newsletter_header/preview.png', '["email", "newsletter", "header"]',
 '{"version": 1,
  "canvas": {"width": 1200, "height": 400, "unit": "px"},
  "layers": [
    {"type": "shape", "id": "ground", "frame": [0, 0, 1200, 400], "fill": "brand:secondary"},
    {"type": "text", "id": "title", "frame": [80, 120, 760, 160],
     "text": "Your monthly update", "role": "heading", "align": "left"},
    {"type": "logo", "id": "logo", "frame": [960, 120, 160, 160], "source": "brand_kit"}]}')
ON CONFLICT (id) DO NOTHING;
