//! The camera of a browser.

use crate::decode;
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// Frames are shrunk to this for quirc: enough for a label at arm's length, cheap on old phones.
const LONGEST_SIDE: f64 = 640.0;
const PAUSE_MS: i32 = 180;
/// The same text is told again only after so many frames without it.
const FORGET_AFTER_FRAMES: u32 = 8;

/// Why there is no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CameraError {
    /// The device has none, or the page is not served over https.
    Missing,
    /// Someone said no, or another program holds it.
    Refused,
}

/// An open camera. Dropping it switches it off.
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    _frames: Frames,
}

impl Camera {
    /// Asks for the camera at the back and tells `on_text` every text that it reads.
    pub async fn open(
        video: HtmlVideoElement,
        on_text: impl Fn(String) + 'static,
    ) -> Result<Self, CameraError> {
        let stream = ask().await?;
        video.set_src_object(Some(&stream));
        // A refusal to play shows as a black picture; the codes can still be typed.
        if let Ok(playing) = video.play() {
            let _ = JsFuture::from(playing).await;
        }
        let detector = detector().await;
        let source = video.clone();
        let eye = Rc::new(Eye { detector, busy: Cell::new(false), seen: Seen::default() });
        let on_text = Rc::new(on_text);
        let look = move || {
            let (eye, source, on_text) = (eye.clone(), source.clone(), on_text.clone());
            if eye.busy.replace(true) {
                return;
            }
            spawn_local(async move {
                let found = eye.look(&source).await;
                eye.busy.set(false);
                if let Some(text) = eye.seen.news(found) {
                    on_text(text);
                }
            });
        };
        match Frames::every(PAUSE_MS, look) {
            Some(frames) => Ok(Self { stream, video, _frames: frames }),
            None => {
                switch_off(&stream);
                Err(CameraError::Missing)
            }
        }
    }
}

impl Camera {
    /// The lamp beside the lens, where the browser lets pages switch it.
    pub fn torch(&self) -> Option<Torch> {
        let track: MediaStreamTrack = self.stream.get_video_tracks().get(0).dyn_into().ok()?;
        let able: Function =
            Reflect::get(&track, &"getCapabilities".into()).ok()?.dyn_into().ok()?;
        let has = Reflect::get(&able.call0(&track).ok()?, &"torch".into()).ok()?;
        has.is_truthy().then_some(Torch(track))
    }
}

/// The lamp beside the lens.
pub struct Torch(MediaStreamTrack);

impl Torch {
    /// Switches it; it goes out with the camera.
    pub fn shine(self, on: bool) {
        let wish = js_sys::Object::new();
        let all = js_sys::Object::new();
        let _ = Reflect::set(&wish, &"torch".into(), &on.into());
        let _ = Reflect::set(&all, &"advanced".into(), &Array::of1(&wish));
        spawn_local(async move {
            // A lamp that stays dark is seen.
            call(&self.0, "applyConstraints", &Array::of1(&all)).await;
        });
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        switch_off(&self.stream);
        self.video.set_src_object(None);
    }
}

/// Work that is done again and again until it is dropped.
struct Frames {
    id: i32,
    _work: Closure<dyn FnMut()>,
}

impl Frames {
    fn every(pause_ms: i32, work: impl FnMut() + 'static) -> Option<Self> {
        let work = Closure::<dyn FnMut()>::new(work);
        let function = work.as_ref().unchecked_ref();
        let window = web_sys::window()?;
        let id = window
            .set_interval_with_callback_and_timeout_and_arguments_0(function, pause_ms)
            .ok()?;
        Some(Self { id, _work: work })
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.id);
        }
    }
}

fn switch_off(stream: &MediaStream) {
    for track in stream.get_tracks() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

async fn ask() -> Result<MediaStream, CameraError> {
    let navigator = web_sys::window().ok_or(CameraError::Missing)?.navigator();
    // Outside https the browser hides the property altogether.
    let devices = Reflect::get(&navigator, &"mediaDevices".into());
    if devices.map_or(true, |devices| devices.is_undefined()) {
        return Err(CameraError::Missing);
    }
    let devices = navigator.media_devices().map_err(|_| CameraError::Missing)?;
    let wish = js_sys::Object::new();
    let _ = Reflect::set(&wish, &"facingMode".into(), &"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wish);
    let promise = devices.get_user_media_with_constraints(&constraints);
    let stream = JsFuture::from(promise.map_err(|_| CameraError::Missing)?).await;
    let stream = stream.map_err(|error| {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotFoundError") => CameraError::Missing,
            Some(_) | None => CameraError::Refused,
        }
    })?;
    stream.dyn_into().map_err(|_| CameraError::Missing)
}

/// The browser's own detector, if it has one that lists `qr_code`.
async fn detector() -> Option<JsValue> {
    let class = Reflect::get(&js_sys::global(), &"BarcodeDetector".into()).ok()?;
    let class: Function = class.dyn_into().ok()?;
    let formats = call(&class, "getSupportedFormats", &Array::new()).await?;
    if !Array::from(&formats).includes(&"qr_code".into(), 0) {
        return None;
    }
    let options = js_sys::Object::new();
    let wanted = Array::of1(&"qr_code".into());
    Reflect::set(&options, &"formats".into(), &wanted).ok()?;
    Reflect::construct(&class, &Array::of1(&options)).ok()
}

/// Calls a method that answers with a promise, and waits for it.
async fn call(target: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let method: Function = Reflect::get(target, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = method.apply(target, arguments).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

struct Eye {
    detector: Option<JsValue>,
    busy: Cell<bool>,
    seen: Seen,
}

impl Eye {
    async fn look(&self, video: &HtmlVideoElement) -> Option<String> {
        if video.video_width() == 0 {
            return None;
        }
        match &self.detector {
            Some(detector) => {
                let found = call(detector, "detect", &Array::of1(video)).await?;
                let first = Array::from(&found).get(0);
                Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
            }
            None => {
                let (width, height, grey) = grey_frame(video)?;
                decode(width, height, &grey)
            }
        }
    }
}

/// Holds a label in view without telling its text again and again.
#[derive(Default)]
struct Seen {
    last: RefCell<String>,
    frames_without: Cell<u32>,
}

impl Seen {
    fn news(&self, found: Option<String>) -> Option<String> {
        let Some(text) = found else {
            let frames = self.frames_without.get() + 1;
            self.frames_without.set(frames);
            if frames >= FORGET_AFTER_FRAMES {
                self.last.borrow_mut().clear();
            }
            return None;
        };
        self.frames_without.set(0);
        let same = *self.last.borrow() == text;
        (!same).then(|| {
            self.last.borrow_mut().clone_from(&text);
            text
        })
    }
}

fn grey_frame(video: &HtmlVideoElement) -> Option<(usize, usize, Vec<u8>)> {
    let (wide, high) = (f64::from(video.video_width()), f64::from(video.video_height()));
    let scale = (LONGEST_SIDE / wide.max(high)).min(1.0);
    let (wide, high) = ((wide * scale).floor(), (high * scale).floor());
    let canvas = web_sys::window()?.document()?.create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(wide as u32);
    canvas.set_height(high as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, wide, high).ok()?;
    let data = context.get_image_data(0.0, 0.0, wide, high).ok()?.data();
    let luma = |pixel: &[u8]| {
        let [red, green, blue] = [0, 1, 2].map(|part| u32::from(pixel[part]));
        ((red * 77 + green * 150 + blue * 29) >> 8) as u8
    };
    Some((wide as usize, high as usize, data.chunks_exact(4).map(luma).collect()))
}

/// A short buzz and a soft tone: the eyes are on the cartons.
pub fn signal() {
    let Some(window) = web_sys::window() else { return };
    let navigator = window.navigator();
    let vibrate = Reflect::get(&navigator, &"vibrate".into());
    if vibrate.is_ok_and(|vibrate| vibrate.is_function()) {
        navigator.vibrate_with_duration(60);
    }
    // No sound is no error: many phones are on mute.
    let _ = beep();
}

fn beep() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    tone.frequency().set_value(880.0);
    volume.gain().set_value(0.05);
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    tone.start()?;
    tone.stop_with_when(context.current_time() + 0.08)
}
